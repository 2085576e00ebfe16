"""What the whole suite shares."""

from importlib.util import find_spec

# CAMeL's own NER is tested where torch is: `make test-camel`.
collect_ignore = [] if find_spec("torch") else ["camel"]
