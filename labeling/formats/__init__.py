"""Files of items as people have them: read in pieces, made into one shape, counted. No Django.

reading.py  bytes into records, each with its line; json_values.py for JSON that is not one object a line
schemas.py  a record of a known format into an item; columns.py one whose columns somebody has named
items.py    both together: a file into items and the problems of its lines
words.py    how words are counted; counting.py what a sample of items comes to
times.py    times a tool recorded with them, and their mean
"""
