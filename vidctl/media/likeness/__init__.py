"""What films are compared by: perceptual hashes of frames, the same for every copy of what they show."""
