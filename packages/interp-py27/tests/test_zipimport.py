"""Modules are imported from zip archives as CPython 2.7 imports them."""

import subprocess
import sys
import zipfile

PROGRAM = """
import sys, zipimport
archive = sys.argv[1]
z = zipimport.zipimporter(archive)
print z.archive == archive, z.prefix, sorted(z._files), z._files['stored.py'][1:4]
print z.find_module('stored') is z, z.find_module('nothing'), z.is_package('package'), z.is_package('deflated')
print z.get_source('deflated') == z.get_data('deflated.py') == z.get_data(archive + '/deflated.py')
m = z.load_module('deflated')
print m.VALUE, m.__name__, m.__file__[len(archive):], m.__loader__ is z, sys.modules['deflated'] is m
print z.get_filename('package')[len(archive):], z.get_code('stored').co_name, repr(z)[-10:]
p = zipimport.zipimporter(archive + '/package')
print p.prefix, p.load_module('package.inner').VALUE
for bad in (lambda: z.load_module('nothing'), lambda: z.get_data('nothing'), lambda: z.is_package('nothing'),
            lambda: zipimport.zipimporter(''), lambda: zipimport.zipimporter(archive + 'x'),
            lambda: z.load_module('broken')):
    try:
        bad()
    except (ImportError, IOError, SyntaxError), e:
        print type(e).__name__, str(e).replace(archive, 'ARCHIVE')
print 'broken' in sys.modules
sys.path_hooks.append(zipimport.zipimporter)
sys.path_importer_cache.clear()
sys.path.insert(0, archive)
import package.inner, stored
print sys.modules['package.inner'].VALUE, package.__path__[0][len(archive):], stored.VALUE
"""

MODULES = {
    "stored.py": "VALUE = 'stored'\n",
    "deflated.py": "# " + "compressible " * 500 + "\nVALUE = 'deflated'\n",
    "package/__init__.py": "NAME = __name__\n",
    "package/inner.py": "VALUE = __name__ + ' in ' + __file__[-16:]\n",
    "broken.py": "x = = 1\n",
}


def test_modules_are_imported_from_an_archive(tmp_path, cpython27):
    archive = tmp_path / "modules.zip"
    with zipfile.ZipFile(archive, "w") as output:
        for name, text in MODULES.items():
            compression = zipfile.ZIP_STORED if name == "stored.py" else zipfile.ZIP_DEFLATED
            output.writestr(zipfile.ZipInfo(name), text, compression)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    arguments = [str(program), str(archive)]
    expected = subprocess.run([cpython27, "-S"] + arguments, capture_output=True, text=True, timeout=60)
    command = [sys.executable, "-m", "ouro.interp_py27", "-S"] + arguments
    actual = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert expected.stderr == ""
    assert actual.stdout == expected.stdout, actual.stderr
