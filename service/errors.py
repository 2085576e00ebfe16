"""Every error that the service raises on purpose.

IstikhrajError
├── SettingsError      a setting is wrong or contradicts another; stops the start
├── LexiconError       a data file is wrong; names the file and the key; stops the start
└── ModelError         a model file is missing or not the one in the manifest; stops the start
"""


class IstikhrajError(Exception):
    """The root: catching it catches nothing that a library raised."""


class SettingsError(IstikhrajError):
    """A setting is wrong or contradicts another. The message names it."""


class LexiconError(IstikhrajError):
    """A data file is wrong. The message names the file and the key, never the text of a request."""


class ModelError(IstikhrajError):
    """A model file is missing, or its checksum differs from the manifest's."""
