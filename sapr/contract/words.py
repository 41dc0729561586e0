"""What the description says of every operation."""

KEY = (
    "Optional; a fresh UUID is a good one. The same key with the same body within 24 hours gives the first answer "
    "again and does nothing; with another body it is refused (422 key_reused); while the first still runs: 409 "
    "still_running."
)
CHANGES_NOTHING = "Taken and not kept: this changes nothing, each call runs anew and is a look of its own."
FIELDS = "Only these fields of the answer (of a list: of each item), separated by commas."
IF_NONE_MATCH = "An ETag that was received: where the answer is still the same, 304 and nothing else."
IF_MATCH = "Optional: an ETag received with the thing. Where that has changed (looks aside) nothing is done: 412 stale."
ETAG = "The version of what is answered."
REPLAYED = "true: this is the first answer once more; absent otherwise."
RETRY_AFTER = "Seconds after which the same may be tried again."
TELLS = {
    304: "The caller has this answer already.",
    409: "This does not fit what has happened already.",
    412: "The thing has changed since its ETag was given.",
    422: "Something in the request cannot be accepted; `code` and `path` say what.",
    429: "Too many requests.",
    503: "It cannot be done now; `code` says why.",
}
