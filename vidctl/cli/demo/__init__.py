"""`vidctl demo`: one film without any keys, by real ticks and real steps, in a folder of its own."""
