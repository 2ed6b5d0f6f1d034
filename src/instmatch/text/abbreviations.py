def expand_abbreviations(text: str) -> str:
    return text
