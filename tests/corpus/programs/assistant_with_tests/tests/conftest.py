from unittest.mock import MagicMock

import pytest


@pytest.fixture
def client():
    client = MagicMock()
    client.chat.completions.create.return_value.choices[0].message.content = "A tool."
    return client
