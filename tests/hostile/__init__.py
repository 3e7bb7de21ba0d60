"""What strangers may send to the three services, and the services at work to send it to."""
