"""Remembers what the last saving commands did to a roster's files and its schedule, so that it can be taken back.

`journal` is what is remembered, as values; `folder` keeps it on disk, where nobody else may have written; `recording`
saves files together with a note of it. The files themselves are replaced by `setrota.files.saving`.

Read: `filetx` 0.1 undoes a batch of moves and copies that failed or was killed, by a journal of its own. It keeps
nothing of a batch that is complete, which is where undoing begins here, and knows neither other processes nor other
users. Keeping the files in a git repository of its own would need git, and tens of milliseconds for every save.
"""
