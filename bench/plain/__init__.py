"""What SAPR is measured against: a Django REST framework app as tutorials build it (docs/performance.md)."""
