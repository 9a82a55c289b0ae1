from celery import Celery

app = Celery("helpdesk", broker="amqp://")
