"""How a storyboard is asked of a language model, and how what it answers is checked and mended."""
