"""``_sre``: compiled regular expressions, over the engine `ouro.rlib.rsre`.

`subject` is what a pattern runs over, `match` the match objects, `pattern` the compiled patterns, `module` the table.
"""
