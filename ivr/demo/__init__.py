"""The demonstration: a whole hotline with people at softphones, and a judge who checks what came of it."""
