"""Pictures, clips and sound by ffmpeg, PyAV and Pillow; imported by scripts only."""
