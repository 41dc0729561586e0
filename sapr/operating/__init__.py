"""What whoever runs the system needs: holds after a restore, points in time, drills, numbers without content."""
