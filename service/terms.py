"""The contract's closed sets of values, shared by what is found and what is sent."""

from typing import Literal

Label = Literal["favor", "against", "neutral"]
Modifier = Literal[
    "BEFORE",
    "AFTER",
    "ON_OR_BEFORE",
    "ON_OR_AFTER",
    "LESS_THAN",
    "MORE_THAN",
    "EQUAL_OR_LESS",
    "EQUAL_OR_MORE",
    "START",
    "MID",
    "END",
    "APPROX",
]
OffsetUnit = Literal["code_point", "utf16", "utf8"]
Resolution = Literal["explicit", "completed", "relative"]
Section = Literal["entities", "dates", "numeric_facts", "stance", "statements"]
Number = int | float  # ints stay exact to 2^53 on the wire
