"""What free text says, read with lists of words; nothing here knows an answer or any medicine."""
