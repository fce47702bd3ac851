"""The Notion board and the films: what people did there is taken over, what vidctl did is shown there."""
