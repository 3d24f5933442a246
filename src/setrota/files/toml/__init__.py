"""TOML as text: what it says (`documents`), on which lines (`places`), what is wrong with one that isn't TOML
(`syntax`), and edits that touch no other line (`editing`, made of `splices`)."""
