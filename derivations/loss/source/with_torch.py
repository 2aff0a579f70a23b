"""What PyTorch says in other words than NumPy; a text quotes it, nothing imports it."""

import torch


def _tensor(given):
    """A tensor; the numbers of a list are Python's, which torch would round."""
    found = torch.as_tensor(given)
    if isinstance(given, list | tuple) and found.is_floating_point():
        found = torch.as_tensor(given, dtype=torch.float64)
    return found


def _numbers(Z, Y, check):
    """Z and Y as tensors of float32 or more, how labels are rounded, the type given."""
    Z, Y = _tensor(Z), _tensor(Y)
    if Z.is_complex() or Y.is_complex() or torch.bool in (Z.dtype, Y.dtype):
        raise TypeError(f"Z and Y must hold real numbers, got {Z.dtype} and {Y.dtype}")
    dtype = Z.dtype if Z.is_floating_point() else torch.get_default_dtype()
    Z = Z.to(torch.promote_types(dtype, torch.float32))
    given = Y.dtype if Y.is_floating_point() else torch.float64
    eps = max(torch.finfo(torch.float32).eps, torch.finfo(given).eps)
    Y = Y if Y.is_floating_point() else _one_hot(Y.to(Z.device), Z, check)
    return Z, Y.to(Z), eps, dtype


def _real(name, given, Z):
    """A parameter as a tensor of real numbers, in the type and on the device of Z."""
    kind = _tensor(given).dtype
    if kind.is_complex or kind == torch.bool:
        raise TypeError(f"{name} must hold real numbers, got {given!r}")
    return torch.as_tensor(given, dtype=Z.dtype, device=Z.device)


# Behind `loss_and_gradient`, which stands in the text


class _Losses(torch.autograd.Function):
    @staticmethod
    def forward(ctx, Z, Y, parameters):
        loss, gradient = loss_and_gradient(Z, Y, **parameters)
        ctx.save_for_backward(gradient)
        return loss

    @staticmethod
    def backward(ctx, incoming):
        if torch.is_grad_enabled():  # by create_graph=True
            raise RuntimeError("there is no second derivative of these losses")
        (gradient,) = ctx.saved_tensors
        return gradient * incoming, None, None


def losses(Z, Y, **parameters):
    """The losses (m,), to differentiate by Z.

        losses(Z, Y).mean().backward()

    Labels and parameters are held fixed; a second derivative is refused.  With
    check=False no number is, and nothing waits for the device.
    """
    return _Losses.apply(Z, Y, parameters)
