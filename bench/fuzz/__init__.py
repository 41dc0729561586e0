"""Bad input: requests made from the API's own schema, right and wrong, thrown at the real server."""
