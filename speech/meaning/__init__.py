"""What was meant: grammars of questions, phrases by lemma, numbers, dates, yes and no out of words."""
