#!/usr/bin/env python3
"""What is in an image's archive (docker save's form).

archive.py layers ARCHIVE        a line a layer: what it is, its digest, its compressed size
archive.py config ARCHIVE        a line a setting or label
archive.py jars ARCHIVE SBOM     fails when a jar is not in the bill of materials, or that of the image is another file
"""
import gzip, hashlib, io, json, re, sys, tarfile

# by what each is known
MARKS = {"cache": "opt/kubekv/kubekv.aot", "own": "opt/kubekv/java.options", "dependencies": "opt/kubekv/lib/netty", "runtime": "opt/java/bin/java"}


class Archive:
    def __init__(self, path):
        self.tar = tarfile.open(path)
        self.manifest = json.loads(self.read("manifest.json"))[0]
        self.config = json.loads(self.read(self.manifest["Config"]))

    def read(self, name):
        return self.tar.extractfile(name).read()

    def layers(self):
        """The compressed bytes of each layer and its files."""
        for name in self.manifest["Layers"]:
            packed = self.read(name)
            yield packed, tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed)))


def kind(files):
    names = [each.lstrip("./") for each in files.getnames()]
    return next((what for what, mark in MARKS.items() if any(name.startswith(mark) for name in names)), "unknown")


def layers(archive):
    for packed, files in archive.layers():
        print(kind(files), "sha256:" + hashlib.sha256(packed).hexdigest(), len(packed))


def config(archive):
    said = archive.config["config"]
    print("user=" + said.get("User", ""))
    print("entrypoint=" + " ".join(said.get("Entrypoint", [])))
    print("cmd=" + " ".join(said.get("Cmd", [])))
    for name, value in said.get("Labels", {}).items():
        print(name.rsplit(".", 1)[-1] + "=" + value)


def file_name(component):
    """A jar's, without its ending: some are there for each kind of machine."""
    classifier = re.search(r"[?&]classifier=([^&]+)", component.get("purl", ""))
    return "-".join([component["name"], component["version"]] + ([classifier[1]] if classifier else []))


def jars(archive, sbom):
    written = open(sbom, "rb").read()
    bill = json.loads(written)
    known = {file_name(each) for each in bill["components"] + [bill["metadata"]["component"]]}
    seen, inside = [], None
    for _, files in archive.layers():
        for member in files.getmembers():
            name = member.name.rsplit("/", 1)[-1]
            if member.name.lstrip("./").startswith("opt/kubekv/lib/") and name.endswith(".jar"):
                seen.append(name[: -len(".jar")])
            if member.name.endswith("usr/share/kubekv/sbom.json"):
                inside = files.extractfile(member).read()
    missing = sorted(set(seen) - known)
    if not seen or missing:
        sys.exit("not in the bill of materials: " + (", ".join(missing) or "there is no jar at all"))
    if inside != written:
        sys.exit("/usr/share/kubekv/sbom.json of the image is not " + sbom)
    print(f"{len(seen)} jars")


if __name__ == "__main__":
    {"layers": layers, "config": config, "jars": jars}[sys.argv[1]](Archive(sys.argv[2]), *sys.argv[3:])
