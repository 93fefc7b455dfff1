"""Compiles the contract into gen/: message classes, their type stubs, and one descriptor set with comments.

Stubs for services are not generated: chassis.rpc makes servers and clients from the descriptors.
"""

import shutil
import sys
from pathlib import Path

import google.api
import grpc_tools
from google.protobuf import descriptor_pb2
from grpc_tools import protoc
from protovalidate._gen.buf.validate import validate_pb

ROOT = Path(__file__).resolve().parent.parent
PROTO, GEN = ROOT / "proto", ROOT / "gen"
GOOGLEAPIS = Path(next(iter(google.api.__path__))).parent.parent
WELL_KNOWN = Path(grpc_tools.__file__).parent / "_proto"


def validation_rules(target):
    """Writes the descriptor of buf/validate/validate.proto, which its wheel holds only as Python code."""
    rules = descriptor_pb2.FileDescriptorProto.FromString(bytes(validate_pb.desc().proto.to_binary()))
    target.write_bytes(descriptor_pb2.FileDescriptorSet(file=[rules]).SerializeToString())
    return rules.name


def compile_contract(folder):
    """Runs protoc over proto/ and the validation rules, with `folder` as the place for what it makes."""
    rules = folder / "validate.binpb"
    sources = [validation_rules(rules), *sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))]
    code = protoc.main(
        [
            "protoc",
            *(f"-I{path}" for path in (PROTO, GOOGLEAPIS, WELL_KNOWN)),
            f"--descriptor_set_in={rules}",
            f"--python_out={folder}",
            f"--pyi_out={folder}",
            f"--descriptor_set_out={folder / 'crm.binpb'}",
            "--include_imports",
            "--include_source_info",
            *sources,
        ]
    )
    if code:
        sys.exit(code)


def main():
    """Makes gen/ afresh beside the old one, then swaps them."""
    fresh = GEN.with_name("gen.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    compile_contract(fresh)
    shutil.rmtree(GEN, ignore_errors=True)
    fresh.rename(GEN)


if __name__ == "__main__":
    main()
