"""Raw text to `Document`: the only place that knows how Arabic is typed."""
