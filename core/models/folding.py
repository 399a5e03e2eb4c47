"""A network's graph in the form that only predicts: batch norm is folded into the convolutions before it."""

from __future__ import annotations

from collections import Counter

from torch import nn
from torch.fx import GraphModule, Node, symbolic_trace
from torch.nn.utils.fusion import fuse_conv_bn_eval


def folded(network: nn.Module) -> GraphModule:
    """Return the network in evaluation mode as a graph without batch norm, where a convolution precedes it.

    Args:
        network: It is not changed; the graph shares the weights that folding leaves alone.

    Raises:
        Exception: Whatever PyTorch's tracer raises of a network that decides by its input's values.
    """
    graph_module = symbolic_trace(network.eval())
    modules = dict(graph_module.named_modules())
    uses = Counter(node.target for node in graph_module.graph.nodes if node.op == "call_module")
    for node in list(graph_module.graph.nodes):
        norm = called_module(node, modules)
        if not isinstance(norm, nn.BatchNorm2d) or norm.running_mean is None:
            continue
        before = node.args[0]
        convolution = called_module(before, modules)
        if not isinstance(convolution, nn.Conv2d) or not isinstance(before, Node):
            continue
        # Weights that serve elsewhere, too, must stay as they are.
        if len(before.users) > 1 or uses[before.target] > 1:
            continue
        graph_module.set_submodule(str(before.target), fuse_conv_bn_eval(convolution, norm))
        node.replace_all_uses_with(before)
        graph_module.graph.erase_node(node)
    graph_module.delete_all_unused_submodules()
    graph_module.recompile()
    return graph_module


def called_module(node: object, modules: dict[str, nn.Module]) -> nn.Module | None:
    """Return the module that a node of a graph calls, None where it calls none.

    Args:
        node: A node, or another argument of one.
        modules: All of the graph's, by name.
    """
    if isinstance(node, Node) and node.op == "call_module":
        return modules.get(str(node.target))
    return None
