"""Code that is made from the description of the REST API: the Python client in docs/client."""
