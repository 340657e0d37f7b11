"""A small network that looks at one component of the finder's mask: damage, or sound?"""
