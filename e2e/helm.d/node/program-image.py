#!/usr/bin/env python3
"""An image of one static program, as `docker save` writes it: program-image.py PROGRAM ARCHIVE NAME ARGUMENT..."""
import hashlib, io, json, os, sys, tarfile

program, archive, name, *arguments = sys.argv[1:]


def packed(files):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for path, content, mode in files:
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(content), mode
            tar.addfile(member, io.BytesIO(content))
    return target.getvalue()


inside = os.path.basename(program)  # busybox asks for its name
layer = packed([(inside, open(program, "rb").read(), 0o755)])
config = {
    "architecture": "amd64",
    "os": "linux",
    "config": {"Entrypoint": ["/" + inside], "Cmd": arguments},
    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
}
manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
files = [("layer.tar", layer), ("config.json", json.dumps(config).encode()), ("manifest.json", json.dumps(manifest).encode())]
open(archive, "wb").write(packed([(path, content, 0o644) for path, content in files]))
