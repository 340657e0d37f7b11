"""What the site says of its work is kept as a code with parameters, and put into words when shown.

`said.py`: the pair itself; `wall.py`: every code's sentence; `sentences/`: the sentences by room;
`fields.py`: the column that keeps either a pair or an older release's sentence.
"""
