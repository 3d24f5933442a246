"""The stages of a plan: coverage, fairness, even spacing, seats; the proof, the audit, and the check for losses.

Decides in which order aims are pursued and how the time limit is shared. Knows nothing of repairs and "what if".
"""
