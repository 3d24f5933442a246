"""What if: the question that made a schedule asked again with one thing changed, to say why this rota and no other.

Prices and remedies as numbers. Knows no wording.
"""
