"""A rota at once, without the solver: a greedy that keeps every rule, improved by exchanges.

`setting` has the question's arrays for all lanes, `board` the duties given so far; `spacing`, `crews` and `mix` say
whom they keep from which seat. `greedy` fills seats that someone may have, `cover` those for which people have to move,
and `exchanges` make it fairer, each with so much `work`; `first` and `saved` are where a rota comes from, and `bound`
is what no rota goes below. Nothing here is optimal; everything keeps the rules.
"""
