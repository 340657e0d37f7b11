"""Why a published network is not run."""

from config.words.marks import gettext_lazy as _
from config.words.shapes import digits
from config.words.wall import Sentence

FILES = {
    "graph.how-to-export": Sentence(
        _(
            "Export it as an ONNX graph where it was made: torch.onnx.export(model.eval(),"
            ' (example,), "network.onnx", opset_version=17).'
        )
    ),
    "graph.torchscript": Sentence(
        _(
            "This is a TorchScript or pickled checkpoint, which runs code when it is read."
            " %(export)s"
        )
    ),
    "graph.pickle": Sentence(
        _("This is a pickled checkpoint, which runs code when it is read. %(export)s")
    ),
    "graph.keras": Sentence(_("This is a file of Keras, not an ONNX graph. %(export)s")),
    "graph.runtimes-own": Sentence(
        _("This is a graph in ONNX Runtime's own form, not an ONNX file. %(export)s")
    ),
    "graph.weights-alone": Sentence(
        _("A %(suffix)s file holds weights alone, without their network. %(export)s")
    ),
    "graph.no-file": Sentence(_("There is no file %(name)s.")),
    "graph.too-large": Sentence(_("The graph is larger than 2 GiB.")),
    "graph.together-too-large": Sentence(_("Graph and data together are larger than 2 GiB.")),
    "graph.no-graph": Sentence(_("This file is no ONNX graph that can be read.")),
    "graph.computes-nothing": Sentence(_("This file is no ONNX graph: it computes nothing.")),
    "graph.too-deep": Sentence(_("Its graphs lie more than %(depth)s deep in each other.")),
    "graph.data-elsewhere": Sentence(
        _(
            "Data of its functions or sparse constants lie in another file: only those of plain"
            " constants may."
        )
    ),
    "graph.data-not-beside": Sentence(
        _("Its data lie in %(file)s: only a file beside it is read.")
    ),
    "graph.data-missing": Sentence(_("Its data file %(file)s is not beside it.")),
    "graph.data-no-file": Sentence(_("Its data file %(file)s is no plain file.")),
}
FITTING = {
    "graph.no-opset": Sentence(_("It names no opset: from %(oldest)s to %(newest)s are run.")),
    "graph.opset": Sentence(_("Its opset is %(opset)s: from %(oldest)s to %(newest)s are run.")),
    "graph.operator": Sentence(
        _(
            "It needs the operator %(operator)s of %(domain)s, which is none of the standard's:"
            " export it without custom operators."
        )
    ),
    "graph.other-inputs": Sentence(
        _("The adapter gives the inputs %(wanted)s; the graph has %(given)s.")
    ),
    "graph.input": Sentence(_("The input %(name)s")),
    "graph.output": Sentence(_("The output %(name)s")),
    "graph.input-channels": Sentence(
        _("The input %(name)s has %(found)s channels; the adapter fills %(wanted)s.")
    ),
    "graph.output-channels": Sentence(
        _("The output %(name)s has %(found)s channels; the adapter reads %(wanted)s.")
    ),
    "graph.no-output": Sentence(_("It has no output %(name)s; it has %(given)s.")),
    "graph.fixed": Sentence(_("%(what)s is fixed at %(side)s px; the adapter says none.")),
    "graph.fixed-otherwise": Sentence(
        _("%(what)s is fixed at %(side)s px; the adapter says %(told)s.")
    ),
    "graph.no-floats": Sentence(_("%(what)s is no tensor of 32-bit floats.")),
    "graph.dimensions": Sentence(_("%(what)s has %(found)s dimensions; a picture has four.")),
    "graph.several": Sentence(_("%(what)s takes %(found)s pictures at once; one is given.")),
}
RUNNING = {
    "graph.memory": Sentence(
        _("The graph takes more than the %(gigabytes)s GB that it is given."),
        gigabytes=digits(1),
    ),
    "graph.too-long": Sentence(
        _("The graph computes longer than the %(seconds)s seconds of one run.")
    ),
    "graph.unreadable": Sentence(_("The graph cannot be read: %(error)s.")),
    "graph.not-opened": Sentence(_("The graph cannot be opened: %(detail)s.")),
    "graph.not-run": Sentence(_("The graph stopped: %(detail)s.")),
    "graph.order-ended": Sentence(_("The order ended too early.")),
    "graph.child-lies": Sentence(_("The child that runs the graph said what it may not say.")),
    "graph.harmful": Sentence(
        _("ONNX Runtime stopped on this graph; it is damaged or made to do harm.")
    ),
    "graph.answers-more": Sentence(_("The graph answers more than a picture.")),
    "graph.other-numbers": Sentence(_("The graph answers %(kind)s, not 32-bit floats.")),
    "graph.other-shape": Sentence(
        _("The graph answers %(found)s (height, width, channels), not %(asked)s.")
    ),
    "graph.no-number": Sentence(_("The graph answers what is no number (NaN or infinity).")),
    "graph.black-or-white": Sentence(
        _("Most of its answer is black or white: the range of the output is another one.")
    ),
    "graph.no-colours": Sentence(
        _("Its colours lie outside all colours: the output is something else.")
    ),
    "graph.marks-most": Sentence(
        _("It marks most of a photograph: the output may be probabilities, or the classes others.")
    ),
}
SENTENCES = {**FILES, **FITTING, **RUNNING}
