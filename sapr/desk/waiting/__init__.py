"""What waits for whom: one page over the queues of every room, for me and by me."""
