"""What if: the question behind a schedule is asked again with one thing changed, to explain why this rota and no other.

Prices and remedies as numbers. Knows no wording.
"""
