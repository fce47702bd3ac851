"""KIE: clips made from pictures, by Kling. One order buys one clip, and nothing here ever sends an order again."""
