"""What travels: RabbitMQ, HTTP and the process that hosts a service."""
