"""Finds functions in C++ text and their lengths, by counting braces. A heuristic: good for this code, not for any."""
import re

LITERAL = re.compile(
    r'R"(?P<raw>[^()\\\s]{0,16})\(.*?\)(?P=raw)"'  # raw strings first: they may hold anything
    r'|//[^\n]*|/\*.*?\*/'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",  # a digit before it: a separator of 1'000
    re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)
PARENS = re.compile(r"\([^()]*\)")
ACCESS = {"public:", "private:", "protected:"}
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def blank(text):
    """The text without literals, comments and directives; lines stay where they are."""
    keep_lines = lambda found: re.sub(r"[^\n]", " ", found.group())
    return DIRECTIVE.sub(keep_lines, LITERAL.sub(keep_lines, text))


def kind_of(header):
    """What the brace after `header` opens: 'function', 'scope' or 'other' (an initializer)."""
    flat, left = header, 1
    while left:
        flat, left = PARENS.subn("@", flat)  # innermost first
    if "@" in flat and (re.search(r"\boperator\b", flat) or not re.search(r"(?<![=!<>])=(?!=)", flat)):
        return "function"
    return "scope" if SCOPE.search(flat) else "other"


def name_of(header):
    found = re.search(r"TEST_CASE|PROPERTY|TEMPLATE_TEST_CASE", header)
    if found:
        return found.group()
    found = re.search(r"([~\w:]+|operator\s*\S+?)\s*\(", header)
    return found.group(1) if found else "?"


def functions(text):
    """Yields (name, first line, length in lines) of each function at namespace or class scope."""
    stack, parens, header, header_line = [], 0, "", 1
    for number, line in enumerate(blank(text).split("\n"), 1):
        for char in line + "\n":
            inside = any(kind != "scope" for kind, _, _ in stack)
            parens += (char == "(") - (char == ")")
            if char == "{":
                kind = "other" if inside or parens else kind_of(header)
                stack.append((kind, name_of(header), header_line))
                header = header if parens else ""
            elif char == "}" and stack:
                kind, name, first = stack.pop()
                if kind == "function":
                    yield name, first, number - first + 1
                header = header if parens else ""
            elif not inside and not parens and (char == ";" or header.strip() + char in ACCESS):
                header = ""
            elif not inside:
                if not header.strip():
                    header_line = number
                header += char
