"""What is known of modules that are not read: which are harmless, and which reach out.

Everything that is not named here is a doubt. Source: https://docs.python.org/3/library/
"""

from __future__ import annotations

import re
import sys


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Modules of Python's own that neither send anything, nor run code or programs, nor look names up.
HARMLESS = words(
    """
        __future__ abc argparse array ast asyncio atexit base64 binascii bisect bz2 calendar cmath
        codecs collections collections.abc colorsys concurrent concurrent.futures configparser
        contextlib contextvars copy csv dataclasses datetime decimal difflib email email.encoders
        email.header email.message email.mime email.mime.application email.mime.base
        email.mime.image email.mime.multipart email.mime.text email.parser email.policy email.utils
        encodings enum errno filecmp fnmatch fractions functools getopt gettext glob graphlib gzip
        hashlib heapq hmac html html.entities html.parser http http.cookies importlib.metadata io
        ipaddress itertools json json.decoder json.encoder keyword linecache locale logging lzma
        math mimetypes numbers operator os os.path pathlib platform pprint queue quopri random re
        reprlib sched secrets select shlex shutil signal stat statistics string stringprep struct
        sys sysconfig tarfile tempfile textwrap threading time token traceback types typing
        unicodedata urllib urllib.error urllib.parse uuid warnings weakref xml xml.dom
        xml.dom.minidom xml.etree xml.etree.ElementTree xml.sax.saxutils zipfile zlib zoneinfo
        """
)
# Of those, what may be used: nothing else, or nothing of these.
ONLY = {
    "sys": words(
        """
            argv byteorder executable exit float_info getrecursionlimit getsizeof hexversion
            implementation intern maxsize maxunicode platform stderr stdin stdout
            setrecursionlimit version version_info exc_info getdefaultencoding
            """
    ),
    "types": words(
        """
            SimpleNamespace MappingProxyType TracebackType ModuleType NoneType GenericAlias
            UnionType EllipsisType
            """
    ),
    "importlib": frozenset(("metadata",)),
    "importlib.metadata": frozenset(("version", "PackageNotFoundError")),
}
NEVER = {
    "os": re.compile(
        r"system|popen\w*|exec\w*|spawn\w*|posix_spawn\w*|startfile|fork\w*|environb|sys|abc"
    ),
    "operator": re.compile(r"attrgetter|methodcaller|call"),
    "asyncio": re.compile(
        r"create_subprocess\w*|open_\w*connection|start_\w*server|create_connection|subprocess"
        r"|streams|\w*_events|base_\w+"
    ),
    "shutil": re.compile(r"register_\w+"),
    "logging": re.compile(r"config|handlers"),
    "typing": re.compile(r"get_type_hints|ForwardRef|io|re"),
    "functools": re.compile(r"singledispatch\w*|partialmethod"),
    "http": re.compile(r"client|server|cookiejar"),
    "urllib": re.compile(r"request|robotparser"),
    "xml": re.compile(r"sax"),
    "string": re.compile(r"Formatter"),
}
# Modules that Lambda has beside Python's own, or that are known well enough to be used unread.
KNOWN = {
    "aws_xray_sdk": re.compile(r".*"),
    "dateutil": re.compile(r".*"),
    "jmespath": re.compile(r".*"),
    "typing_extensions": re.compile(r"(?!get_type_hints).*"),
    "orjson": re.compile(r".*"),
    "ujson": re.compile(r".*"),
    "pytz": re.compile(r".*"),
    "aws_lambda_powertools": re.compile(
        r"(Logger|Tracer|Metrics|single_metric|logging|tracing|metrics|event_handler"
        r"|middleware_factory|utilities\.(batch|data_classes|typing|validation|idempotency"
        r"|jmespath_utils|parser))(\..*)?|utilities|utilities\.parameters(\.get_\w+)?"
    ),
    "yaml": re.compile(
        r"(safe_load(_all)?|safe_dump(_all)?|dump|YAMLError|SafeLoader|SafeDumper)(\..*)?"
    ),
}
STUBS = re.compile(r"(mypy_boto3|types_boto3|types_aiobotocore|mypy_boto3_builder)\w*(\..*)?")
SDK = ("boto3", "botocore", "s3transfer", "aioboto3", "aiobotocore")
# What the SDK and Lambda's runtime import: a module of the package with the name comes before it.
UNREAD = words(
    "OpenSSL awscrt awslambdaric brotli certifi dateutil jmespath simplejson six urllib3 zstandard"
)
REACHING = {
    **dict.fromkeys(("subprocess", "pty", "multiprocessing"), "starts other programs"),
    **dict.fromkeys(("ctypes", "cffi", "_ctypes"), "runs native code"),
    **dict.fromkeys(
        words(
            """
            importlib pkgutil runpy zipimport code codeop marshal pickle shelve dill cloudpickle
            builtins imp timeit doctest pdb cProfile profile trace
            """
        ),
        "runs code, or imports modules, named at run time",
    ),
    **dict.fromkeys(("inspect", "gc", "sys", "types"), "looks into the program as it runs"),
    **dict.fromkeys(
        words(
            """
            socket ssl socketserver smtplib ftplib telnetlib imaplib poplib nntplib asyncore
            paramiko websocket websockets
            """
        ),
        "opens connections of its own",
    ),
    **dict.fromkeys(
        words(
            """
            requests urllib3 httpx aiohttp http urllib httplib2 pycurl xmlrpc treq requests_aws4auth
            aws_requests_auth webbrowser
            """
        ),
        "sends HTTP requests of its own",
    ),
    **dict.fromkeys(
        words(
            """
            s3fs fsspec smart_open awswrangler pynamodb kombu celery
            """
        ),
        "calls AWS by itself",
    ),
}
# Builtins that give back nothing of what they are given and call nothing that matters.
PLAIN = words(
    """
        abs all any ascii bin bool bytes chr complex divmod float format hash hex id int isinstance
        issubclass len oct ord pow print range repr round str callable input open bytearray
        dir hasattr exit quit
        """
)
CODE = frozenset(("eval", "exec", "compile", "__import__", "breakpoint"))
NAMESPACES = frozenset(("globals", "locals", "vars", "__builtins__", "__loader__", "__spec__"))
# Methods of event loops.
STARTING = words(
    """
    subprocess_exec subprocess_shell create_connection create_unix_connection sock_connect
    create_datagram_endpoint create_server
    """
)
# Attributes by which a program looks at itself, or reaches what has no name.
INNER = words(
    """
        __globals__ __builtins__ __code__ __closure__ __dict__ __subclasses__ __self__ __func__
        __wrapped__ __mro__ __bases__ __base__ __loader__ __spec__ __getattribute__ __setattr__
        __delattr__ __reduce__ __reduce_ex__ __import__ __path__ __getstate__ __setstate__ mro
        gi_frame cr_frame ag_frame f_globals f_locals f_builtins f_back tb_frame __kwdefaults__
        __defaults__ __objclass__
        """
)
# Decorators that give back the function or class they are given, perhaps after options.
SAME = words(
    """
    functools.lru_cache functools.cache functools.total_ordering contextlib.contextmanager
    contextlib.asynccontextmanager dataclasses.dataclass abc.abstractmethod typing.overload
    typing.final typing.override typing.runtime_checkable typing.no_type_check
    typing.dataclass_transform typing_extensions.override typing_extensions.final enum.unique
    """
)
# Functions that give back one of their arguments, or one like it.
THROUGH = words(
    """
    typing.cast typing.assert_type copy.copy
    functools.update_wrapper asyncio.wait_for asyncio.shield asyncio.run
    """
)
# Classes with the names of functions.
CLASSES = ("collections.defaultdict", "collections.deque", "threading.local", "functools.partial")
# Functions that keep nothing and give nothing of what they are given.
DATA = re.compile(
    r"json\.(loads|dumps|load|dump)|re\.\w+|os\.(path\.\w+|getenv|environ(\.\w+)?|getcwd|makedirs"
    r"|remove|unlink|listdir|stat|urandom|mkdir|rename)|urllib\.parse\.\w+|base64\.\w+"
    r"|datetime\..*|time\.\w+|math\.\w+|hashlib\.\w+|hmac\.\w+|uuid\.\w+|random\.(randint|random)"
    r"|pathlib\..*|decimal\..*|binascii\.\w+|traceback\.\w+|logging\.\w+|pprint\.pprint"
    r"|warnings\.warn|struct\.\w+|html\.\w+"
)
MODULES = sys.stdlib_module_names
LOOKS = "This looks into the program as it runs."
LAYER = "DynamoDBPersistenceLayer"  # of Powertools: it writes into a table
OWN_LAYER = "This makes a layer of Powertools of its own, which writes into a table."
CHANGES = "This changes the SDK, or a client of it, as it runs."


def reason(module: str) -> str:
    """What a module outside of what is read may do, in words; empty: it is known to be harmless."""
    top = module.partition(".")[0]
    if module in HARMLESS or STUBS.fullmatch(module):
        return ""
    if top in KNOWN:
        rest = module.partition(".")[2]
        return "" if not rest or KNOWN[top].fullmatch(rest) else "does what is not known"
    if module in REACHING or top in REACHING:
        return REACHING.get(module, REACHING.get(top, ""))
    return "does what is not known" if top in MODULES else "is not in the package"


def refused(path: str) -> bool:
    """Whether something in a harmless module must not be used: ``os.system``, ``json.os``."""
    top, _, rest = path.partition(".")
    if top in KNOWN:
        return bool(rest) and not KNOWN[top].fullmatch(rest)
    module, name = path, ""
    while module not in HARMLESS:
        module, _, last = module.rpartition(".")
        if not module:
            return False
        name = f"{last}.{name}" if name else last
    first = name.partition(".")[0]
    if not name:
        return False
    if module in ONLY:
        return not {name, first} & ONLY[module]
    if module in NEVER and NEVER[module].fullmatch(first):
        return True
    parts = name.split(".")
    if any(part.startswith("_") and not part.startswith("__") for part in parts):
        return True
    modules = [part for part in parts if part in MODULES and part not in PLAIN_MODULES]
    return bool(modules) and path not in NO_MODULES and first != module.rpartition(".")[2]


PLAIN_MODULES = HARMLESS - NEVER.keys() - ONLY.keys()
NO_MODULES = ("datetime.time", "os.stat", "shutil.copy", "time.time")
