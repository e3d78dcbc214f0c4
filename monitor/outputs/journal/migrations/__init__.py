"""How the tables of the journal came to be, step by step; run by Alembic at opening."""
