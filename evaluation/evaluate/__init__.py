"""`shoal evaluate`: scenarios and seeds through the detector and its peers, scored and told (docs/evaluate.md).

`suite` says what is run, `runs` runs one of it in a process of its own, `measures` scores it, `summary` adds
runs up, `card` is the record of all, `markdown` and `plots` tell it.
"""
