"""Make the film: clips, voices and sounds in, one film and its subtitles out.

`film.assemble` is the way in. Pictures are copied packet by packet and never encoded again where the
clips share their codec parameters; sound is mixed by the sample, so both stay together to the end.
"""
