"""The door through which time comes in: what is to be done every minute, hour and day."""
