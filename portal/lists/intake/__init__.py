"""Tables that people upload: read whole, checked line by line, told in their language.

The file itself is not kept: what was read out of it is all that anybody needs afterwards.
"""
