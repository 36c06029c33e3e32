"""Need-based allocation: a budget divided by what units have to cope with, published so that anybody recomputes it."""
