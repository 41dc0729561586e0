"""The page's two worked examples, replayed through the services in a throw-away rehearsal database."""
