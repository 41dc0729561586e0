"""What a day asks for, over HTTP against the real server: beside a plain app, and a floor of bare SQL."""
