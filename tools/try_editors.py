"""Opens a file in every editor that is installed, with the settings of docs/editors.md, and prints what each shows.

    PATH=/an/environment/with/keraslint/and/pylsp/bin:$PATH python tools/try_editors.py

A line says where the editor puts its mark, and what stands there: `"softmax"`, if all is well. docs/editors.md says why
it is not in some.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

PAGE = Path(__file__).parent.parent / "docs" / "editors.md"
SECONDS = 60
PROGRAM = """\
from keras.layers import Dense

Dense(1, activation="softmax")
größe = "größe"; Dense(1, activation="softmax")
größe = "😀"; Dense(1, activation="softmax")
"""

ALE = """\
edit model.py
let waited = 0
while waited < 600 && empty(getloclist(0))
  sleep 100m
  let waited += 1
endwhile
let shown = []
for m in getloclist(0)
  call add(shown, m.lnum . ':' . m.col . ' ' . getline(m.lnum)[m.col - 1:m.col + 7] . ' ' . m.text)
endfor
call writefile(shown, 'shown.txt')
qall!
"""

NEOVIM = """\
vim.cmd("edit model.py")
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end)
for _, d in ipairs(vim.diagnostic.get(0)) do
  local line = vim.api.nvim_buf_get_lines(0, d.lnum, d.lnum + 1, true)[1]
  io.write(string.format("%d:%d %s %s: %s\\n", d.lnum + 1, d.col, line:sub(d.col + 1, d.end_col), d.code, d.message))
end
vim.cmd("quitall!")
"""

FLYCHECK = """
(find-file "model.py")
(flycheck-buffer)
(while (flycheck-running-p) (accept-process-output nil 0.2))
(dolist (error flycheck-current-errors)
  (let ((marked (flycheck-error-region-for-mode error 'symbols)))
    (princ (format "%s:%s %s %s: %s\\n" (flycheck-error-line error) (flycheck-error-column error)
                   (buffer-substring (car marked) (cdr marked)) (flycheck-error-id error)
                   (flycheck-error-message error)))))
"""


def settings(language: str) -> str:
    """The block in this language on the page."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None, f"{PAGE} has no block in {language}"
    return found[1]


def output(project: Path, *command: str) -> str:
    """What a program says in the project; of Vim and Emacs, which look for a terminal, nothing else is of use."""
    run = subprocess.run(
        command, cwd=project, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    return run.stdout


def vim(project: Path) -> str:
    (project / "vimrc").write_text(f"set encoding=utf-8\nfiletype on\npackadd ale\n{settings('vim')}", encoding="utf-8")
    (project / "try.vim").write_text(ALE, encoding="utf-8")
    output(project, "vim", "--not-a-term", "-N", "-u", "vimrc", "-S", "try.vim")
    return (project / "shown.txt").read_text(encoding="utf-8")


def nvim(project: Path) -> str:
    (project / "init.lua").write_text(settings("lua"), encoding="utf-8")
    (project / "try.lua").write_text(NEOVIM, encoding="utf-8")
    return output(project, "nvim", "--headless", "-u", "init.lua", "-c", "luafile try.lua")


def emacs(project: Path) -> str:
    before = "(package-initialize)\n(require 'flycheck)\n"
    (project / "try.el").write_text(before + settings("elisp") + FLYCHECK, encoding="utf-8")
    return output(project, "emacs", "--batch", "-l", "try.el")


def pylsp(project: Path) -> str:
    """A client of the server: it opens the file, and waits for the first diagnostics."""
    server = subprocess.Popen(
        ["pylsp"], cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert server.stdin is not None
    assert server.stdout is not None
    document = {"uri": (project / "model.py").as_uri(), "languageId": "python", "version": 1, "text": PROGRAM}
    try:
        send(server.stdin, "initialize", {"processId": None, "rootUri": project.as_uri(), "capabilities": {}}, id=1)
        next(message for message in received(server.stdout) if message.get("id") == 1)
        send(server.stdin, "initialized", {})
        send(server.stdin, "workspace/didChangeConfiguration", {"settings": json.loads(settings("json"))})
        send(server.stdin, "textDocument/didOpen", {"textDocument": document})
        messages = received(server.stdout)
        told = next(each for each in messages if each.get("method") == "textDocument/publishDiagnostics")
    finally:
        server.kill()
        server.wait()
    return "".join(map(shown, told["params"]["diagnostics"]))


def send(stream: IO[bytes], method: str, parameters: dict[str, Any], **more: int) -> None:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": parameters, **more}).encode()
    stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    stream.flush()


def received(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    while True:
        size = 0
        while header := stream.readline().strip():
            name, _, value = header.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        yield json.loads(stream.read(size))


def shown(diagnostic: dict[str, Any]) -> str:
    """What a client marks: the protocol counts in units of UTF-16."""
    begin, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
    line = PROGRAM.splitlines()[begin["line"]].encode("utf-16-le")
    marked = line[2 * begin["character"] : 2 * end["character"]].decode("utf-16-le", "replace")
    return f"{begin['line'] + 1}:{begin['character']} {marked} {diagnostic.get('code')}: {diagnostic['message']}\n"


EDITORS = (vim, nvim, emacs, pylsp)


def main() -> None:
    for editor in EDITORS:
        name = editor.__name__
        if shutil.which(name) is None:
            print(f"{name}: not installed")
            continue
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            (project / "pyproject.toml").write_text(settings("toml"), encoding="utf-8")
            (project / "model.py").write_text(PROGRAM, encoding="utf-8")
            (project / ".git").mkdir()
            lines = [line for line in editor(project).splitlines() if "softmax over 1 unit" in line]
        print(f"{output(Path.cwd(), name, '--version').splitlines()[0]}: {len(lines)} findings")
        for line in lines:
            print(f"  {line[:70]}")


if __name__ == "__main__":
    main()
