from glossary.core import Glossary

__all__ = ["Glossary"]
