"""No page takes a file. What is sent as one is skipped as it arrives: never in memory whole, never on disk."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NoFiles(FileUploadHandler):
    """Django's own handlers write a file of more than 2.5 MB to the temporary folder in clear."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing is kept; never reached, since every file is skipped."""

    def file_complete(self, file_size: int) -> None:
        """There is no file."""
