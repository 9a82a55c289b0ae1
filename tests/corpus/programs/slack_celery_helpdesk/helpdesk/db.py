from contextlib import contextmanager

from sqlalchemy import Column, Integer, Text, create_engine
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()
engine = create_engine("postgresql:///helpdesk")


class Ticket(Base):
    __tablename__ = "tickets"
    id = Column(Integer, primary_key=True)
    text = Column(Text)
    priority = Column(Text)


@contextmanager
def session():
    with Session(engine) as db:
        yield db
        db.commit()
