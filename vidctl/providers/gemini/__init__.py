"""Google's Gemini API by REST: one request for one picture or one document, and what its answers mean."""
