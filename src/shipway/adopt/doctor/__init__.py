"""The doctor: everything that makes releases fail on the day, looked at before the day."""
