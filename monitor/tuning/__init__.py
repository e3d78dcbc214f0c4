"""Which settings suit a place: recordings are measured once and judged again with thousands of settings.

scored = [score(item, settings) for item in inputs]     # once, as `monitor scan` measures
rejudge(scored[0], other_settings).events               # what a scan with these would have told
propose(scored, labels, settings)                       # the settings that suit the labels, and why
"""
